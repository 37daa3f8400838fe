/// The program's version.
package let version = "0.5.0"
