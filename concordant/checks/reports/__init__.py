"""Reports: the same verdict for a terminal, for programs, for test runners, for code hosts, for the eye."""
