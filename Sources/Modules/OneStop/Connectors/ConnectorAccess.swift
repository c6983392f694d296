package import RPC

/// How this server reaches departments' own systems: the certificate that it shows them, and where it may connect.
package struct ConnectorAccess: Sendable {
    /// Addresses that may be registered, from the configuration. Without one, no department's system can be connected:
    /// whoever may register must not be able to make the server talk to any machine of its network.
    package let allowed: [AddressRule]
    /// The server's own client certificate; nil if it has none, and then nothing can be connected.
    package let certificate: CertificateFiles?
    /// PEM file of the roots that a department's certificate must come from, unless its registration names others.
    package let rootPath: String

    package init(allowed: [AddressRule], certificate: CertificateFiles?, rootPath: String) {
        self.allowed = allowed
        self.certificate = certificate
        self.rootPath = rootPath
    }

    /// No department's system can be connected.
    package static let none: ConnectorAccess = ConnectorAccess(allowed: [], certificate: nil, rootPath: "")

    func allows(_ address: ConnectorAddress) -> Bool { allowed.contains { $0.includes(address) } }
}

/// Where a department's system listens.
struct ConnectorAddress: Sendable, Hashable, CustomStringConvertible {
    /// In lower case, without brackets.
    let host: String
    let port: Int

    static let characterMax: Int = 260

    /// Reads `host:port` or `[address]:port`; nil if it is neither.
    init?(_ text: String) {
        guard text.utf8.count <= ConnectorAddress.characterMax,
            let parts: (host: String, port: String) = ConnectorAddress.parts(text),
            ConnectorAddress.isHost(parts.host), let port: Int = ConnectorAddress.port(parts.port)
        else { return nil }
        host = parts.host
        self.port = port
    }

    var description: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }

    /// Host in lower case without brackets, and what stands behind the last colon.
    fileprivate static func parts(_ text: String) -> (host: String, port: String)? {
        guard let colon: String.Index = text.lastIndex(of: ":") else { return nil }
        var host: Substring = text[..<colon]
        let port: String = String(text[text.index(after: colon)...])
        if host.hasPrefix("[") {
            guard host.hasSuffix("]"), host.contains(":") else { return nil }
            host = host.dropFirst().dropLast()
        } else if host.contains(":") {
            return nil
        }
        return (host.lowercased(), port)
    }

    fileprivate static func port(_ text: String) -> Int? {
        guard (1...5).contains(text.utf8.count), text.utf8.allSatisfy({ (48...57).contains($0) }),
            let port: Int = Int(text), (1...65_535).contains(port)
        else { return nil }
        return port
    }

    /// A host name of RFC 1123, or the characters of an address; whether it exists, the connection finds out.
    fileprivate static func isHost(_ text: String) -> Bool {
        if text.contains(":") {
            return text.utf8.allSatisfy { (48...58).contains($0) || (97...102).contains($0) || $0 == 46 }
        }
        let labels: [Substring] = text.split(separator: ".", omittingEmptySubsequences: false)
        return text.utf8.count <= 253
            && labels.allSatisfy { label in
                (1...63).contains(label.utf8.count) && !label.hasPrefix("-") && !label.hasSuffix("-")
                    && label.utf8.allSatisfy { byte in
                        (97...122).contains(byte) || (48...57).contains(byte) || byte == UInt8(ascii: "-")
                    }
            }
    }
}

/// A rule for addresses: `host:port`, where the host may be `*.suffix` for all names below it, and the port `*`.
package struct AddressRule: Sendable, Hashable {
    private let host: String
    private let port: Int?

    /// Nil if the text is no rule. `*` alone for the host is none: that would be no rule at all.
    package init?(_ text: String) {
        guard let parts: (host: String, port: String) = ConnectorAddress.parts(text) else { return nil }
        let suffix: String = parts.host.hasPrefix("*.") ? String(parts.host.dropFirst(2)) : parts.host
        guard ConnectorAddress.isHost(suffix) else { return nil }
        host = parts.host
        if parts.port == "*" {
            port = nil
        } else {
            guard let number: Int = ConnectorAddress.port(parts.port) else { return nil }
            port = number
        }
    }

    func includes(_ address: ConnectorAddress) -> Bool {
        guard port == nil || port == address.port else { return false }
        return host.hasPrefix("*.") ? address.host.hasSuffix(host.dropFirst()) : address.host == host
    }
}
