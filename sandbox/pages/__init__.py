"""The sandbox's pages for people: plain HTML with a look of its own, no scripts but where one says so."""
