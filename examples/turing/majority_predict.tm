# The predictor of the learner of a majority of three literals. Tape: x # phase signs.
# It compares each bit of x with its sign (marks: z for a bit of x that is done, b for a pair that agrees, a for one that
# does not), counts the pairs that agree, and leaves in cell 0 whether they are two or more.
blank: _
input: 0 1 #
tape: z a b
start: take
accept: done

take 0 -> carry0 z R
take 1 -> carry1 z R
take # -> passphase # R
carry0 0 -> carry0 0 R
carry0 1 -> carry0 1 R
carry0 # -> skip0 # R
skip0 0 -> find0 0 R
skip0 1 -> find0 1 R
find0 a -> find0 a R
find0 b -> find0 b R
find0 0 -> home b L
find0 1 -> home a L
carry1 0 -> carry1 0 R
carry1 1 -> carry1 1 R
carry1 # -> skip1 # R
skip1 0 -> find1 0 R
skip1 1 -> find1 1 R
find1 a -> find1 a R
find1 b -> find1 b R
find1 0 -> home a L
find1 1 -> home b L
home 0 -> home 0 L
home 1 -> home 1 L
home a -> home a L
home b -> home b L
home # -> home # L
home z -> take z R
passphase 0 -> count0 0 R
passphase 1 -> count0 1 R
count0 a -> count0 a R
count0 b -> count1 b R
count0 _ -> no _ L
count1 a -> count1 a R
count1 b -> count2 b R
count1 _ -> no _ L
count2 a -> count2 a R
count2 b -> count2 b R
count2 _ -> yes _ L
no 0 -> no 0 L
no 1 -> no 1 L
no a -> no a L
no b -> no b L
no # -> no # L
no z -> no z L
no _ -> write0 _ R
yes 0 -> yes 0 L
yes 1 -> yes 1 L
yes a -> yes a L
yes b -> yes b L
yes # -> yes # L
yes z -> yes z L
yes _ -> write1 _ R
write0 z -> done 0 N
write1 z -> done 1 N
