"""gpa-mpi in Python: read runs, evaluate phi and recorded flows in NumPy, and start runs of the program."""
from .flow import Flow
from .job import GPA, JobError, run
from .phi import Phi
from .result import Run

__all__ = ["Flow", "GPA", "JobError", "Phi", "Run", "run"]
