"""The local server: a site that follows its workspace, seen in a browser that follows the site."""
