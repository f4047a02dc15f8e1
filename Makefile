# The two commands are `up` and `test`; `make help` lists the rest.
.DEFAULT_GOAL := help
UV_VERSION := 0.13.9
# A uv on the PATH is used; otherwise one is kept in .tools, so Python and git are all a machine needs.
UV := $(shell command -v uv 2>/dev/null || echo .tools/bin/uv)
# Set by some container images: every process would compile all that it imports, which takes half of its start.
unexport PYTHONDONTWRITEBYTECODE
RUN := $(UV) run --frozen --quiet
# One more than there are cores: a third of a test's time it waits for others.
WORKERS ?= $(shell expr $$(getconf _NPROCESSORS_ONLN) + 1)

.PHONY: advisories apps app-pictures images sbom test-deploy test-apps test-mobile up test test-external test-uncompiled test-endurance differential differential-compiled bench chaos chaos-checkouts chaos-webhooks hostile scan check format docs docs-serve mail-pictures release clean help

up: $(filter .tools/bin/uv,$(UV)) ## Start everything on this machine and print the URLs; Ctrl-C stops it all
	@$(UV) sync --frozen --quiet --no-dev --inexact
	@exec .venv/bin/petplus up

test: check ## Run all checks and the whole test suite
	@$(RUN) pytest -q -n $(WORKERS) --dist loadfile

apps: environment ## Build the apps that the router serves, if they have changed
	@$(RUN) petplus apps build

test-apps: environment ## Run the apps in a browser, against a shop; needs Chromium
	@$(RUN) pytest -q -n 0 -m 'not endurance' tests/apps

test-mobile: environment ## Check the mobile app with react-native's own types and parts; installs Expo, 377 MB
	@$(RUN) python -m tools.check_mobile

test-external: environment ## Run the suite on PETPLUS_DATABASE_URL and PETPLUS_REDIS_URL instead of embedded servers
	@PETPLUS_TEST_EXTERNAL=1 $(RUN) pytest -q -n $(WORKERS) --dist loadfile

test-uncompiled: environment ## Run the subgraphs' tests without compiled execution: the same answers
	@PETPLUS_COMPILED=off $(RUN) pytest -q -n $(WORKERS) --dist loadfile tests/privacy \
		$(patsubst subgraphs/%/subgraph.py,tests/%,$(wildcard subgraphs/*/subgraph.py))

differential: environment ## Compare the router with the specification over 20,000 documents; ARGS="--documents 1000 --seed 2"
	@$(RUN) python -m tests.differential $(ARGS)

differential-compiled: environment ## Compare compiled execution with graphql-core over 100,000 documents; ARGS="--seed 2"
	@PYTHONPATH=packages/strawberry-compiled/tests $(RUN) python -m differential $(ARGS)

.PHONY: test-chart
test-chart: environment ## Check the Helm chart, and run the processes that it describes; installs helm, 150 MB
	@PETPLUS_TEST_CHART=1 $(RUN) --group deploy pytest -q -n $(WORKERS) --dist loadfile tests/chart

bench: environment ## Measure CPU and latency of three requests beside other ways to serve them; ARGS="--rounds 3"
	@$(RUN) python -m benchmarks.hot_path $(ARGS)

# The longest first, so that none is left alone at the end.
CHECKS := check-types check-apps check-generated check-layers check-schema check-style check-format check-prose
# What a check prints is kept together where make can (4.0 and later).
GROUPED := $(if $(filter output-sync,$(.FEATURES)),--output-sync=target)

check: ## Check style, types, layers, generated files and the graph, side by side
	@$(MAKE) --no-print-directory --keep-going --jobs=$(WORKERS) $(GROUPED) $(CHECKS)

.PHONY: $(CHECKS)
$(CHECKS): environment

check-types:
	@$(RUN) mypy

check-apps:
	@$(RUN) python -m tools.check_apps

check-generated:
	@$(RUN) petplus check

check-layers:
	@$(RUN) lint-imports

check-schema:
	@$(RUN) python -m tools.lint_schema

check-style:
	@$(RUN) ruff check .

check-format:
	@$(RUN) ruff format --check --quiet .

check-prose:
	@$(RUN) rumdl check --no-cache --quiet .

format: environment ## Format the code
	@$(RUN) ruff check --fix .
	@$(RUN) ruff format .
	@$(RUN) rumdl fmt --no-cache --quiet .

test-endurance: environment ## Kill each part of a whole shop in turn, and a short chaos
	@$(RUN) pytest -q -m endurance --timeout 1800

images: ## Build the images of deploy/Dockerfile by Docker or Podman; PETPLUS_VERSION=1.4.0 names their tag
	@deploy/build

sbom: environment ## Write what the images are made of into dist/sbom, as CycloneDX
	@$(RUN) python -m tools.sbom "$$(command -v $(UV))"

test-deploy: environment ## Build the images, compose a shop of containers, update it under load, kill its servers; needs Docker
	@$(RUN) pytest -q -n 0 -m deploy tests/deploy

chaos: environment ## Kill processes while orders change, and check that nothing is lost; ARGS="--changes 10000 --kills 100"
	@$(RUN) python -m tests.chaos $(ARGS)

chaos-checkouts: environment ## Order and pay carts again and again while processes are killed; ARGS="--tries 1000 --kills 30"
	@$(RUN) python -m tests.chaos.checkouts $(ARGS)

chaos-webhooks: environment ## Deliver webhooks in disorder while processes are killed; ARGS="--deliveries 10000 --kills 100"
	@$(RUN) python -m tests.chaos.deliveries $(ARGS)

hostile: environment ## Attack a shop at each of its doors, beside honest clients; ARGS="connections --rounds 2"
	@$(RUN) python -m benchmarks.hostile $(ARGS)

scan: environment ## Scan a shop with schemathesis, clairvoyance and InQL, which are installed apart; ARGS="--examples 50"
	@$(RUN) python -m tests.scan $(ARGS)

advisories: environment ## Check dependencies for known vulnerabilities; needs the advisory services of npm and pip-audit
	@$(RUN) python -m petplus.advisories "$$(command -v $(UV))"

docs: environment ## Build the documentation site into site/; every link and anchor must exist
	@NO_MKDOCS_2_WARNING=1 $(RUN) mkdocs build --strict --quiet

docs-serve: environment ## Show the documentation site while it is written
	@NO_MKDOCS_2_WARNING=1 $(RUN) mkdocs serve

mail-pictures: environment ## Make the pictures of docs/mails.md; needs Chromium
	@$(RUN) python -m tools.mail_pictures
	@$(RUN) petplus mails --write

app-pictures: environment ## Make the pictures of docs/apps.md of the shop that runs; needs Chromium; ARGS="http://127.0.0.1:4000"
	@$(RUN) python -m tools.app_pictures $(ARGS)

release: environment ## Make the commit, the tag and the packages of a release, and push nothing; VERSION=1.4.0
	@$(RUN) python -m tools.release "$$(command -v $(UV))" "$(VERSION)"

clean: ## Remove what was built, and the data of embedded servers
	@rm -rf .venv .tools .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache router/node_modules tools/schema_lint/node_modules apps/node_modules apps/web/dist apps/admin/dist apps/mobile/dist apps/graphiql/dist apps/mobile-native/node_modules .petplus site dist
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

.PHONY: environment
environment: $(filter .tools/bin/uv,$(UV))
	@$(UV) sync --frozen --quiet

.tools/bin/uv:
	@echo "Installing uv $(UV_VERSION) into .tools …"
	@python3 -m venv .tools
	@.tools/bin/pip install --quiet --disable-pip-version-check uv==$(UV_VERSION)

help: ## Show this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-21s %s\n", $$1, $$2}'
