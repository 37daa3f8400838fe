/// The deck that `gpa-mpi` runs without arguments: data, and the defaults for all else but the frames.
package let builtInDeck = """
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
  output:
    frames_every: 20
  """
