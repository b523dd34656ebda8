"""What Prometheus is told: `counters` count in each process, `sharing` adds processes up, `gauges` read how
things stand from the database, `page` says it all.
"""
