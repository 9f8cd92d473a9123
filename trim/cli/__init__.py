"""The console command `trim`: one file per group of commands."""
