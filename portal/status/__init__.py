"""“What is broken”, a page of the admin: `clients` looks at what clients have, `machine` at the installation
itself, `page` shows it.
"""
