"""The shop in containers: the files of `deploy/`, and with `make test-deploy` the composed shop itself."""
