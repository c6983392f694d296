package import RPC

/// Where somebody signs in from, coarse enough to stay the same for a while: a device of ours by its certificate, or the
/// network that an address lies in (24 bits of IPv4, 48 of IPv6).
package struct Place: Sendable, Hashable {
    let text: String

    init(text: String) { self.text = text }

    package init(_ peer: Peer) {
        if let certificate = peer.certificate {
            text = "certificate:\(certificate.serialNumber)"
        } else {
            text = "network:" + Place.network(Place.host(peer.address))
        }
    }

    /// The address of a peer without its port.
    static func host(_ address: String) -> String {
        if address.hasPrefix("["), let end = address.firstIndex(of: "]") {
            return String(address[address.index(after: address.startIndex)..<end])
        }
        let parts: [Substring] = address.split(separator: ":", omittingEmptySubsequences: false)
        return parts.count == 2 ? String(parts[0]) : address
    }

    private static func network(_ host: String) -> String {
        if host.contains(":") {
            // An address that maps IPv4 counts as that.
            if let last = host.split(separator: ":").last, last.contains(".") { return network(String(last)) }
            return host.split(separator: ":", omittingEmptySubsequences: false).prefix(3).joined(
                separator: ":")
        }
        return host.split(separator: ".").prefix(3).joined(separator: ".")
    }
}
