"""Static files under names that change with what is in them, modules that import one another included."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class HashedStaticFiles(CompressedManifestStaticFilesStorage):
    """Follows `import … from "./x.js"` too: an old module must not stay in a cache beside a new one."""

    support_js_module_import_aggregation = True
