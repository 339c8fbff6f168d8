# Adds 1 to a number in binary, highest digit first; 111 becomes 1000, one cell to the left.
blank: _
input: 0 1
start: right
accept: done

right 0 -> right 0 R
right 1 -> right 1 R
right _ -> carry _ L
carry 1 -> carry 0 L
carry 0 -> done 1 N
carry _ -> done 1 N
