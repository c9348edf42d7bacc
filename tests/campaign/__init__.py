"""The fault campaign: whole rooms in virtual time, every fault at every moment, judged by what is really so."""
