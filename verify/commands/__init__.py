"""The commands of ``querygrad``, a file each, named as the command is."""
