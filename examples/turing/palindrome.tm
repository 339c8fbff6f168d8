# Accepts the words of 0 and 1 that read the same backwards: it takes a symbol off each end until none is left.
blank: _
input: 0 1
start: first
accept: yes
reject: no

first _ -> yes _ N
first 0 -> has0 _ R
first 1 -> has1 _ R
has0 0 -> has0 0 R
has0 1 -> has0 1 R
has0 _ -> want0 _ L
has1 0 -> has1 0 R
has1 1 -> has1 1 R
has1 _ -> want1 _ L
want0 _ -> yes _ N
want0 0 -> back _ L
want0 1 -> no 1 N
want1 _ -> yes _ N
want1 1 -> back _ L
want1 0 -> no 0 N
back 0 -> back 0 L
back 1 -> back 1 L
back _ -> first _ R
