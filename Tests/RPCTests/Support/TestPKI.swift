import Crypto
import Foundation
import Kernel

@testable import RPC

/// Certificates of a test, made when it starts, in a folder of its own.
struct TestPKI: Sendable {
    let folder: String
    let authority: CertificateAuthority

    init() throws {
        folder = NSTemporaryDirectory() + "linli-rpc-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        authority = try CertificateAuthority(creatingRoot: "Test Root", now: SystemClock().now())
        try write("ca.pem", authority.certificate.pem)
        try issueServer("server", dns: ["localhost"])
    }

    func path(_ name: String) -> String { "\(folder)/\(name)" }

    func write(_ name: String, _ text: String, mode: Int = 0o600) throws {
        let path: String = path(name)
        _ = FileManager.default.createFile(
            atPath: path, contents: Data(text.utf8), attributes: [.posixPermissions: mode])
        try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
    }

    @discardableResult
    func issueServer(_ name: String, dns: [String]) throws -> Certificate {
        let issued = try authority.issueServer(dns: dns, addresses: ["127.0.0.1"], now: SystemClock().now())
        try write("\(name).pem", issued.certificate.pem)
        try write("\(name).key", try issued.key.pem())
        return issued.certificate
    }

    func issueClient(_ name: String, uri: String) throws -> (CertificateFiles, Certificate) {
        let issued = try authority.issueClient(commonName: name, uri: uri, now: SystemClock().now())
        try write("\(name).pem", issued.certificate.pem)
        try write("\(name).key", try issued.key.pem())
        return (files(name), issued.certificate)
    }

    func files(_ name: String) -> CertificateFiles {
        CertificateFiles(certificateChain: path("\(name).pem"), privateKey: path("\(name).key"))
    }

    func serverFiles(clients: ClientCertificatePolicy = .none) -> TLSFiles {
        TLSFiles(
            certificateChain: path("server.pem"), privateKey: path("server.key"), clientCA: path("ca.pem"),
            requireClientCertificate: clients)
    }

    func clientTLS(_ certificate: CertificateFiles? = nil, serverName: String? = "localhost") -> ClientTLS {
        ClientTLS(roots: .file(path("ca.pem")), certificate: certificate, serverName: serverName)
    }

    func remove() {
        do { try FileManager.default.removeItem(atPath: folder) } catch {
            print("cannot remove \(folder): \(error)")
        }
    }
}
