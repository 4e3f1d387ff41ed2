"""The archive as a static site: plain pages that open from a folder, without any server.

    from tegashiki.journal import site
    site.build(paths.runs_root(), Path("site"))

build.py decides what to write anew; run.py and lists.py are the kinds of pages; page.py is what
they share; lineage.py and notebook.py fill parts of a run's page; site.css and site.js are the two
files that every page names. No page asks anything of the network.
"""

from tegashiki.journal.report.site.build import build

__all__ = ["build"]
