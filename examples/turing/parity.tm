# Accepts the words of 0 and 1 with an odd number of 1s; it reads each symbol once.
blank: _
input: 0 1
start: even
accept: yes
reject: no

even 0 -> even 0 R
even 1 -> odd 1 R
odd 0 -> odd 0 R
odd 1 -> even 1 R
even _ -> no _ N
odd _ -> yes _ N
