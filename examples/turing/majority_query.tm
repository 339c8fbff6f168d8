# The queries of the learner of a majority of three literals. Tape: x # phase signs.
# In phase 0 query j is x_j, in phase 1 it is 1 - x_j; they are left in the cells of x.
blank: _
input: 0 1 #
start: go
accept: done

go 0 -> go 0 R
go 1 -> go 1 R
go # -> look # R
look 0 -> done 0 N
look 1 -> back 1 L
back # -> flip # L
flip 0 -> flip 1 L
flip 1 -> flip 0 L
flip _ -> done _ N
