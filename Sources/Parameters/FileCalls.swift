import Glibc

// The system's calls that take the name of a file, with the bytes that the name had on the command line or in a folder
// (``Swift/String/system``). In a file that imports this module they are preferred to those of the C library.

package func open(_ path: String, _ flags: Int32) -> Int32 { Glibc.open(path.system, flags) }
package func open(_ path: String, _ flags: Int32, _ mode: mode_t) -> Int32 { Glibc.open(path.system, flags, mode) }
package func fopen(_ path: String, _ mode: String) -> UnsafeMutablePointer<FILE>? { Glibc.fopen(path.system, mode) }
package func stat(_ path: String, _ status: UnsafeMutablePointer<stat>) -> Int32 { stat(path.system, status) }
package func lstat(_ path: String, _ status: UnsafeMutablePointer<stat>) -> Int32 { Glibc.lstat(path.system, status) }
package func statvfs(_ path: String, _ status: UnsafeMutablePointer<statvfs>) -> Int32 { statvfs(path.system, status) }
package func access(_ path: String, _ mode: Int32) -> Int32 { Glibc.access(path.system, mode) }
package func opendir(_ path: String) -> OpaquePointer? { Glibc.opendir(path.system) }
@discardableResult package func mkdir(_ path: String, _ mode: mode_t) -> Int32 { Glibc.mkdir(path.system, mode) }
@discardableResult package func rmdir(_ path: String) -> Int32 { Glibc.rmdir(path.system) }
@discardableResult package func unlink(_ path: String) -> Int32 { Glibc.unlink(path.system) }
@discardableResult package func rename(_ old: String, _ new: String) -> Int32 { Glibc.rename(old.system, new.system) }
@discardableResult package func link(_ old: String, _ new: String) -> Int32 { Glibc.link(old.system, new.system) }
