"""What gunicorn is told wherever the portal is served; it reads this file by itself."""

# Filters stand in addresses: a long one shall get the portal's own sentence, and one that is good its page.
# The proxy in front has its own limit.
limit_request_line = 0

# Without queries and referrers: Google's returns carry codes there, embedded pages their tokens.
access_log_format = '%(h)s %(t)s "%(m)s %(U)s" %(s)s %(b)s %(M)sms "%(a)s"'
