import Foundation
import Support

/// Four machines on one network, played by network namespaces of this one, each with a name of its own. They share its
/// files, as the machines of a cluster do. Needs root and the right to make namespaces.
final class FourHosts {
  private let tag: String
  private let net: String
  private let folder = try? TemporaryFolder()

  /// Why they cannot be had here; nil where they can.
  static let obstacle: String? = {
    do {
      _ = try FourHosts()
      return nil
    } catch { return "four hosts cannot be played here: \(error)" }
  }()

  init() throws {
    let number = Int(getpid())
    // The kernel takes a namespace down some time after it was deleted, so the next four have other names.
    tag = "gpa\(number % 100_000)\(["a", "b", "c", "d", "e", "f", "g", "h"].randomElement() ?? "")"
    net = "10.\(100 + number % 100).\(number / 100 % 256)"
    guard geteuid() == 0 else { throw SupportError("only root may make network namespaces") }
    try shell(
      """
      ip link add \(tag)br type bridge
      ip addr add \(net).254/24 dev \(tag)br
      ip link set \(tag)br up
      for i in 1 2 3 4; do
        ip netns add \(tag)-$i
        ip link add \(tag)v$i type veth peer name eth0 netns \(tag)-$i
        ip link set \(tag)v$i master \(tag)br up
        ip -n \(tag)-$i addr add \(net).$i/24 dev eth0
        ip -n \(tag)-$i link set eth0 up
        ip -n \(tag)-$i link set lo up
        ip netns exec \(tag)-$i unshare --uts hostname host-$i
      done
      """)
    guard let folder else { throw SupportError("no temporary folder") }
    // What ssh does on a real cluster: AGENT HOST COMMAND.
    let agent = try folder.write(
      """
      #!/bin/bash
      host=${1##*.}
      shift
      exec ip netns exec \(tag)-$host unshare --uts bash -c "hostname host-$host; $*"
      """, to: "agent")
    chmod(agent, 0o755)
    _ = try folder.write((1...4).map { "\(net).\($0) slots=2\n" }.joined(), to: "hosts")
  }

  deinit {
    try? shell(
      "for i in 1 2 3 4; do ip link del \(tag)v$i || true; ip netns del \(tag)-$i || true; done; ip link del \(tag)br")
  }

  /// What mpirun needs to start two ranks on each of them, over TCP, and to notice in seconds that one is gone.
  var mpirunArguments: [String] {
    let settings = [
      "plm_rsh_agent": folder?.file("agent") ?? "", "oob_tcp_if_include": net + ".0/24",
      "btl_tcp_if_include": net + ".0/24", "btl": "tcp,self,vader", "pml": "ob1", "oob_tcp_keepalive_time": "4",
      "oob_tcp_keepalive_intvl": "2", "oob_tcp_keepalive_probes": "3",
    ]
    return ["--hostfile", folder?.file("hosts") ?? ""] + settings.flatMap { ["--mca", $0.key, $0.value] }
  }

  /// Takes a host off the network, or puts it back.
  func setLink(ofHost host: Int, up: Bool) throws {
    try shell("ip link set \(tag)v\(host) \(up ? "up" : "down")")
  }

  private func shell(_ script: String) throws {
    let outcome = try MPIJob.run(
      ranks: nil, executable: "/bin/bash", arguments: ["-e", "-c", script], timeout: 30)
    guard outcome.exitCode == 0 else {
      throw SupportError(outcome.errors.split(separator: "\n").first.map(String.init) ?? "no reason is given")
    }
  }
}
