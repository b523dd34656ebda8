"""Questions to a property and their answers: what is asked (fields, dates, filters), who knows (generated,
recorded) and how it is said (answer).
"""
