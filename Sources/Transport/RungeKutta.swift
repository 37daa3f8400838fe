/// Runge-Kutta methods; those with an error estimate choose their time steps.
let rungeKutta: [Integrator] = [
  Integrator("euler", order: 1, b: [1]),
  // Heun 1900.
  Integrator("heun", order: 2, a: [[1]], b: [1 / 2.0, 1 / 2.0]),
  // Kutta 1901.
  Integrator(
    "rk4", order: 4, a: [[1 / 2.0], [0, 1 / 2.0], [0, 0, 1]], b: [1 / 6.0, 1 / 3.0, 1 / 3.0, 1 / 6.0]),
  // Bogacki and Shampine, "A 3(2) pair of Runge-Kutta formulas", 1989. Its last stage lies where the step leads to; a
  // trained field is trained there again at the next step's beginning.
  Integrator(
    "bogacki_shampine", order: 3, a: [[1 / 2.0], [0, 3 / 4.0], [2 / 9.0, 1 / 3.0, 4 / 9.0]],
    b: [2 / 9.0, 1 / 3.0, 4 / 9.0, 0], embedded: [7 / 24.0, 1 / 4.0, 1 / 3.0, 1 / 8.0]),
]

/// The method that makes the first steps of one that needs older velocities.
let starter = rungeKutta[2]
