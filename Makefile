# gpa-mpi: everything a newcomer types. `make` alone lists it.

SHELL := /bin/bash

PROGRAM := .build/release/gpa-mpi
# Physical cores that this process may use: a second rank on a core's second hardware thread gains nothing.
CORES := $(shell tools/cores)
RANKS ?= $(CORES)
STEPS ?= 3
# An import that Package.swift does not declare is refused.
DECLARED := --explicit-target-dependency-import-check error
SWIFT_BUILD := swift build -c release $(DECLARED)

# Open MPI refuses root unless told otherwise, which containers need; nobody else is given these.
ifeq ($(shell id -u),0)
export OMPI_ALLOW_RUN_AS_ROOT := 1
export OMPI_ALLOW_RUN_AS_ROOT_CONFIRM := 1
endif
# Containers forbid one process to read another's memory; Open MPI then prints a line per message. Ours are small.
export OMPI_MCA_btl_vader_single_copy_mechanism ?= none
# One thread a rank: the ranks are the parallelism.
export OPENBLAS_NUM_THREADS ?= 1

# More ranks than cores is a user's explicit wish (make run RANKS=8), not an error.
MPIRUN := mpirun -q -n $(RANKS) --oversubscribe

DECKS := $(sort $(patsubst jobs/%.yaml,%,$(wildcard jobs/*.yaml jobs/paper/*.yaml)))

.DEFAULT_GOAL := help
.PHONY: help setup build install run test python torture torture-writes fuzz valgrind lint format bench study jobs clean

help: ## lists these targets
	@awk -F ':.*## ' '/^[a-zA-Z_%-]+:.*## / { gsub("%", "NAME", $$1); printf "  make %-12s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))
	@echo
	@echo "  RANKS=$(RANKS)  ranks for run and jobs (default: the physical cores, here $(CORES))"
	@echo "  decks: $(DECKS)"

setup: ## installs the Debian packages that are missing and checks for swift 6.2 or newer
	@tools/setup

build: setup ## builds .build/release/gpa-mpi
	$(SWIFT_BUILD) --product gpa-mpi

install: setup ## installs program, decks, manual and module file under PREFIX=/usr/local, for PROCESSORS=native
	@tools/install "$(or $(PREFIX),/usr/local)" $(or $(PROCESSORS),native)

run: build ## builds, then moves 5000 particles to a Swiss roll on all cores
	$(MPIRUN) $(PROGRAM)

# One after the other: the unit tests of a process share MPI and HDF5, which take calls of one thread only.
test: setup ## runs all tests, those under mpirun included
	swift test -c release --no-parallel $(DECLARED)

python: build ## tests the package of python/, by a Python with NumPy and h5py (PYTHON=python3)
	cd python && GPA_MPI=$(CURDIR)/$(PROGRAM) $(or $(PYTHON),python3) -m unittest discover tests

torture: build ## kills N=100 random ranks of short runs at random times (SEED=...): all end with the undisturbed bits
	@tools/torture $(PROGRAM) $(or $(N),100) $(SEED)

torture-writes: build ## kills a short run at each of its write calls: run.h5 is readable, the restart has the bits
	@tools/torture-writes $(PROGRAM)

fuzz: setup ## reads N=100000 damaged inputs of all readers (SEED=1)
	GPA_FUZZ_INPUTS=$(or $(N),100000) GPA_FUZZ_SEED=$(or $(SEED),1) swift test -c release --no-parallel --filter FuzzTests

valgrind: setup ## runs short jobs of the debug build under valgrind
	@tools/valgrind

lint: ## checks format, layers and forbidden constructs
	@tools/lint

format: ## formats the Swift sources in place
	swift format -i -r Sources Tests Package.swift

bench: setup ## times kernels and whole time steps
	@tools/bench

study: build ## repeats the study of docs/defaults.md; takes about an hour
	cd docs/study && for script in search.py factors.py "factors.py 2" final.py builtin.py; do python3 $$script || exit 1; done

jobs: build ## starts every deck of jobs/ for STEPS=3 time steps, results in a temporary folder
	@RANKS=$(RANKS) STEPS=$(STEPS) tools/try-decks $(DECKS)

job-%: build ## the same for one deck: make job-swiss-roll, make job-paper/fig-1
	@RANKS=$(RANKS) STEPS=$(STEPS) tools/try-decks $*

job-paper/%: build
	@RANKS=$(RANKS) STEPS=$(STEPS) tools/try-decks paper/$*

clean: ## removes what was built; runs/ stays
	rm -rf .build
