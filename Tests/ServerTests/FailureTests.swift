import CPowerCutVFS
import Contract
import Crypto
import Foundation
import Kernel
import RPC
import Testing

@testable import linlid

/// What the whole server does when the disk fails, and on signals. Each in a process of its own: the failing disk and
/// signals are one for a process.
@Suite struct FailureTests {
    @Test func aFailedDiskTurnsTheServerUnhealthyAndNothingMoreIsAcknowledged() async {
        await #expect(processExitsWith: .success) {
            powercut_register()
            powercut_reset()
            let path: String = temporaryDirectory()
            defer { try? FileManager.default.removeItem(atPath: path) }
            try await TestServer.run(at: path, fileLayer: POWERCUT_NAME) { test in
                let session: PlatformV1.Session = try await test.register("10000000001")
                let health: HealthV1.HealthClient = HealthV1.HealthClient(channel: test.channel)
                let before: HealthV1.HealthCheckResponse = try await health.check(.init())
                expect(before.status == .serving, "it serves while the disk works")

                powercut_fail_sync_at(1)
                let failed: RPCError = try await refused {
                    _ = try await test.identity.signOutEverywhere(.init(), options: session.options)
                }
                expect(failed.reason == "STORE_UNAVAILABLE", "the write is refused: \(failed)")
                while try await health.check(.init()).status == .serving {
                    try await Task.sleep(for: .milliseconds(20))
                }
                // The disk works again, but nobody has looked: what the kernel says is not believed.
                let still: RPCError = try await refused {
                    _ = try await test.identity.signOutEverywhere(.init(), options: session.options)
                }
                expect(still.reason == "STORE_UNAVAILABLE", "still refused: \(still)")
            }
            powercut_reset()
            // After a start somebody has looked, and what was acknowledged is there: the account, with its session.
            try await TestServer.run(at: path, fileLayer: POWERCUT_NAME) { test in
                test.clock.advance(seconds: 61)
                let code: String = try await test.newCode("10000000001", .signIn, count: 2)
                _ = try await test.identity.signInResident(
                    .init(phone: "10000000001", code: code, password: "correct horse"))
            }
        }
    }

    @Test func hangupReadsTheCertificatesAgainAndTerminationStops() async {
        await #expect(processExitsWith: .success) {
            let path: String = temporaryDirectory()
            defer { try? FileManager.default.removeItem(atPath: path) }
            try await TestServer.run(at: path, takesSignals: true) { test in
                _ = try await test.register("10000000001")
                // Another root signs the server's next certificate; clients that trust the old one alone turn away.
                let now: Instant = test.clock.now()
                let root: CertificateAuthority = try CertificateAuthority(creatingRoot: "another", now: now)
                let issued: CertificateAuthority.Issued = try root.issueServer(
                    dns: ["localhost"], addresses: ["127.0.0.1"], now: now)
                let newRoot: String = path + "/new-root.pem"
                try root.certificate.pem.write(toFile: newRoot, atomically: true, encoding: .utf8)
                let pki: String = path + "/pki/"
                // A key that does not fit: the old pair stays in use.
                try SecretFile.write(
                    Array(issued.key.pem().utf8), to: pki + "server-key.pem", replacing: true)
                kill(getpid(), SIGHUP)
                try await Task.sleep(for: .milliseconds(200))
                expect(
                    try await answers(test.server.port, root: pki + "root.pem"), "bad files change nothing")
                try TextFile.write(issued.certificate.pem + root.certificate.pem, to: pki + "server.pem")
                kill(getpid(), SIGHUP)
                while try await !answers(test.server.port, root: newRoot) {
                    try await Task.sleep(for: .milliseconds(20))
                }
                expect(try await !answers(test.server.port, root: pki + "root.pem"), "the old one is gone")
                kill(getpid(), SIGTERM)
                try await test.server.finished()
            }
        }
    }
}

private func temporaryDirectory() -> String {
    FileManager.default.temporaryDirectory.appending(path: "linli-failure-\(SecureRandom.token(bytes: 9))")
        .path()
}

/// In a process of its own, a failed expectation has to end the process: the parent sees only how it ended.
private func expect(_ condition: Bool, _ what: String) {
    guard !condition else { return }
    FileHandle.standardError.write(Data("failed: \(what)\n".utf8))
    exit(1)
}

private func refused(_ call: () async throws -> Void) async throws -> RPCError {
    do {
        try await call()
    } catch let error as RPCError {
        return error
    }
    expect(false, "the call was not refused")
    throw CancellationError()
}

/// Whether a new connection that trusts `root` gets an answer.
private func answers(_ port: Int, root: String) async throws -> Bool {
    let channel: RPCChannel = try RPCChannel(
        configuration: ChannelConfiguration(
            host: "localhost", port: port, tls: ClientTLS(roots: .file(root))))
    defer { channel.close() }
    var options: CallOptions = CallOptions()
    options.timeout = .seconds(2)
    do {
        let answer: HealthV1.HealthCheckResponse = try await HealthV1.HealthClient(channel: channel)
            .check(.init(), options: options)
        return answer.status == .serving
    } catch is RPCError {
        return false
    }
}
