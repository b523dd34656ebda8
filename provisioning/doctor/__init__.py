"""Walks a chain from a stored secret to a report, link by link and live, and says which link is broken.

The links that a view adds are `dashboards.doctor`'s.
"""

from provisioning.doctor.walk import Found as Found
from provisioning.doctor.walk import Step as Step
from provisioning.doctor.walk import Trouble as Trouble
from provisioning.doctor.walk import Waiting as Waiting
from provisioning.doctor.walk import Walk as Walk
from provisioning.doctor.walk import first_broken as first_broken
from provisioning.doctor.walk import in_words as in_words
