internal import Crypto
internal import Glibc
internal import Kernel
internal import OneStop
internal import RPC

/// Certificates of a server that was given none: a root of its own, and a certificate for this machine. Whoever runs a PKI
/// puts its files in the place of these.
struct DevelopmentPKI: Sendable {
    /// A server certificate that ends within this time is made anew at the start, in seconds.
    static let renewalSeconds: Int64 = 30 * 86_400

    let rootPath: String
    let tls: TLSFiles

    static func open(_ directory: DataDirectory, host: String, now: Instant) throws -> DevelopmentPKI {
        let folder: String = directory.pkiPath
        let rootPath: String = folder + "/root.pem"
        let rootKeyPath: String = folder + "/root-key.pem"
        let serverPath: String = folder + "/server.pem"
        let serverKeyPath: String = folder + "/server-key.pem"
        if access(rootPath, F_OK) != 0 {
            let root: CertificateAuthority = try CertificateAuthority(
                creatingRoot: "Linli development root", now: now)
            try SecretFile.write(Array(root.keyPEM().utf8), to: rootKeyPath)
            try TextFile.write(root.certificate.pem, to: rootPath)
        }
        if try needsRenewal(serverPath, now: now) {
            let root: CertificateAuthority = try CertificateAuthority(
                certificatePEM: TextFile.read(rootPath), keyPEM: SecretFile.readText(rootKeyPath))
            let names: SubjectNames = serverNames(host)
            let issued: CertificateAuthority.Issued = try root.issueServer(
                dns: names.dns, addresses: names.addresses, now: now)
            try SecretFile.write(Array(issued.key.pem().utf8), to: serverKeyPath, replacing: true)
            try TextFile.write(issued.certificate.pem + root.certificate.pem, to: serverPath)
        }
        return DevelopmentPKI(
            rootPath: rootPath,
            tls: TLSFiles(
                certificateChain: serverPath, privateKey: serverKeyPath, clientCA: rootPath,
                requireClientCertificate: .optional))
    }

    /// The authority that signs certificates of devices and vendors.
    static func authority(_ directory: DataDirectory) throws -> CertificateAuthority {
        try CertificateAuthority(
            certificatePEM: TextFile.read(directory.pkiPath + "/root.pem"),
            keyPEM: SecretFile.readText(directory.pkiPath + "/root-key.pem"))
    }

    /// How departments' systems are reached: with a client certificate of this server's own root, made anew before it ends.
    static func connectors(_ directory: DataDirectory, allowed: [AddressRule], now: Instant) throws
        -> ConnectorAccess
    {
        let path: String = directory.pkiPath + "/connector-client.pem"
        let keyPath: String = directory.pkiPath + "/connector-client-key.pem"
        if try needsRenewal(path, now: now) {
            let root: CertificateAuthority = try authority(directory)
            let issued: CertificateAuthority.Issued = try root.issueClient(
                commonName: "linlid", uri: "urn:linli:server", now: now)
            try SecretFile.write(Array(issued.key.pem().utf8), to: keyPath, replacing: true)
            try TextFile.write(issued.certificate.pem + root.certificate.pem, to: path)
        }
        return ConnectorAccess(
            allowed: allowed, certificate: CertificateFiles(certificateChain: path, privateKey: keyPath),
            rootPath: directory.pkiPath + "/root.pem")
    }

    private static func needsRenewal(_ path: String, now: Instant) throws -> Bool {
        guard access(path, F_OK) == 0 else { return true }
        return try Certificate(pem: TextFile.read(path)).notAfter < now.adding(seconds: renewalSeconds)
    }

    /// This machine by all names that a client on it or near it would use.
    private static func serverNames(_ host: String) -> SubjectNames {
        var dns: [String] = ["localhost"]
        var addresses: [String] = ["127.0.0.1", "::1"]
        var buffer: [CChar] = Array(repeating: 0, count: 256)
        if gethostname(&buffer, buffer.count - 1) == 0 {
            let name: String = String(
                decoding: buffer.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
            if !name.isEmpty, !dns.contains(name) { dns.append(name) }
        }
        let isAddress: Bool =
            host.contains(":") || host.utf8.allSatisfy { ASCII.digitValue($0) != nil || $0 == 46 }
        let isWildcard: Bool = ["0.0.0.0", "::"].contains(host)
        if isAddress, !isWildcard, !addresses.contains(host) { addresses.append(host) }
        if !isAddress, !dns.contains(host) { dns.append(host) }
        return SubjectNames(dns: dns, addresses: addresses)
    }
}
