/// The deck that `gpa-mpi` runs without arguments.
public let builtInDeck = """
  name: demo
  source:
    sampler: gaussian
    count: 5000
    mean: [0, 1, 0]
    standard_deviation: 0.5
  target:
    sampler: swiss_roll
    count: 200
    scale: 0.1
  transport:
    integrator: heun
    time_step: 0.1
    steps: 1000
  output:
    frames_every: 100
  """
