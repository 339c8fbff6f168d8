# Writes a word of 0 and 1 a second time, behind a mark: 01 becomes 01#01.
blank: _
input: 0 1
tape: # x y
start: mark
accept: done

mark 0 -> mark 0 R
mark 1 -> mark 1 R
mark _ -> home # L
home 0 -> home 0 L
home 1 -> home 1 L
home x -> take x R
home y -> take y R
home _ -> take _ R
take 0 -> carry0 x R
take 1 -> carry1 y R
take # -> clean # L
carry0 0 -> carry0 0 R
carry0 1 -> carry0 1 R
carry0 # -> carry0 # R
carry0 _ -> home2 0 L
carry1 0 -> carry1 0 R
carry1 1 -> carry1 1 R
carry1 # -> carry1 # R
carry1 _ -> home2 1 L
home2 0 -> home2 0 L
home2 1 -> home2 1 L
home2 # -> home # L
clean x -> clean 0 L
clean y -> clean 1 L
clean _ -> done _ R
