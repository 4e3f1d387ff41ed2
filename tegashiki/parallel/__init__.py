"""Many calls at once, in processes of this machine or on a Dask cluster; for every room."""
