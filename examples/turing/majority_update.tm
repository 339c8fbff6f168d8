# The update of the learner of a majority of three literals. Tape: phase signs # answer 0 # answer 1 # answer 2.
# An answer has the bits for 1/8, 1/4, 1/2, 1 and the sign, in this order. Sign j becomes 1 if answer j is at least 1/4,
# and the phase becomes 1. Marks: p, q for the phase 0, 1; a, b for a sign that is done; $ for a # that is done.
blank: _
input: 0 1 #
tape: p q a b $
start: first
accept: done

first 0 -> seek p R
first 1 -> seek q R
seek 0 -> seek 0 R
seek 1 -> seek 1 R
seek a -> seek a R
seek b -> seek b R
seek $ -> seek $ R
seek # -> eighth $ R
seek _ -> clean _ L
eighth 0 -> none1 0 R
eighth 1 -> none1 1 R
none1 0 -> none2 0 R
none1 1 -> some2 1 R
none2 0 -> none3 0 R
none2 1 -> some3 1 R
none3 0 -> sign0 0 R
none3 1 -> sign1 1 R
some2 0 -> some3 0 R
some2 1 -> some3 1 R
some3 0 -> sign1 0 R
some3 1 -> sign1 1 R
sign0 0 -> vote0 0 L
sign0 1 -> vote0 1 L
sign1 0 -> vote1 0 L
sign1 1 -> vote0 1 L
vote0 0 -> vote0 0 L
vote0 1 -> vote0 1 L
vote0 # -> vote0 # L
vote0 $ -> vote0 $ L
vote0 p -> put0 p R
vote0 q -> put0 q R
vote0 a -> put0 a R
vote0 b -> put0 b R
vote1 0 -> vote1 0 L
vote1 1 -> vote1 1 L
vote1 # -> vote1 # L
vote1 $ -> vote1 $ L
vote1 p -> put1 p R
vote1 q -> put1 q R
vote1 a -> put1 a R
vote1 b -> put1 b R
put0 0 -> seek a R
put0 1 -> seek b R
put1 0 -> seek b R
put1 1 -> seek b R
clean 0 -> clean 0 L
clean 1 -> clean 1 L
clean $ -> clean # L
clean a -> clean 0 L
clean b -> clean 1 L
clean p -> done 1 N
clean q -> done 1 N
