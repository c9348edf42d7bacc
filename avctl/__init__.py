"""Control of AV devices in which nothing is called done that was not read back."""
