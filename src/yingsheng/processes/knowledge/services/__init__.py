"""The verbs of the library: `articles` are written, approved and reviewed, `uses` counted, `gaps` filled, `stocking`
brings our own content and `bringing` that of a file.
"""
