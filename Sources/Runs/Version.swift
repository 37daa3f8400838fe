/// The program's version.
package let version = "0.3.0"
