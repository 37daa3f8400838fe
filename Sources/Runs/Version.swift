/// The program's version.
package let version = "0.6.0"
