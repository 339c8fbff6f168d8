"""Boolean circuits: what "computable in bounded time" comes down to in Lemmas 3b and 10."""
