"""Reads a job's arguments as AWS Glue's library does: `--NAME value` or `--NAME=value`."""


class GlueArgumentError(Exception):
    """A wanted argument was not given."""


def getResolvedOptions(args, options):
    """Returns the wanted options by name. Raises GlueArgumentError for those that are missing."""
    given = {}
    for index, text in enumerate(args):
        if not text.startswith("--"):
            continue
        name, equals, value = text[2:].partition("=")
        if not equals and index + 1 < len(args):
            value = args[index + 1]
        given[name.replace("-", "_")] = value
    wanted = {option: option.replace("-", "_") for option in options}
    missing = [option for option, name in wanted.items() if name not in given]
    if missing:
        raise GlueArgumentError("the following arguments are required: " + ", ".join("--" + name for name in missing))
    return {name: given[name] for name in wanted.values()}
