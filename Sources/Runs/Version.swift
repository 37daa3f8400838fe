/// The program's version.
package let version = "0.2.0"
