import CoreMetrics
import Crypto
import Foundation
import Kernel
import Logging
import Platform
import Testing

@testable import linlid

@Suite struct StartTests {
    private func temporaryPath() -> String {
        FileManager.default.temporaryDirectory.appending(path: "linli-start-\(SecureRandom.token(bytes: 9))")
            .path()
    }

    @Test func aDirectoryServesOneProcess() async throws {
        try await TestServer.run { test in
            let problem = #expect(throws: StartProblem.self) { try DataDirectory.open(test.path) }
            #expect(problem?.exitCode == 75)
            #expect(problem?.what.contains("another linlid") == true)
        }
    }

    @Test func aTakenPortIsNamed() async throws {
        try await TestServer.run { test in
            let path: String = temporaryPath()
            defer { try? FileManager.default.removeItem(atPath: path) }
            var logger: Logger = Logger(label: "test")
            logger.logLevel = .critical
            var settings: ServerSettings = ServerSettings(port: test.server.port)
            settings.dataFiles = nil
            let directory: DataDirectory = try DataDirectory.open(path)
            let problem = await #expect(throws: StartProblem.self) {
                _ = try await LinliServer.start(
                    settings, in: directory, environment: .system(), metrics: nil, logger: logger)
            }
            #expect(problem?.what.contains("port \(test.server.port)") == true)
            #expect(problem?.todo.contains("--port") == true)
        }
    }

    @Test(arguments: [
        "", "/keys/blind-index.key", "/keys/field-encryption.keys", "/keys/audit-signing.pem",
        "/pki/root-key.pem",
        "/pki/server-key.pem", "/operator-first-sign-in.txt", "/outbox-sms.jsonl", "/linli.sqlite",
    ])
    func aSecretThatOthersCanReadStopsTheStart(file: String) async throws {
        var path: String = ""
        defer { try? FileManager.default.removeItem(atPath: path) }
        path = temporaryPath()
        try DataDirectory.open(path).release()
        if !file.isEmpty { _ = FileManager.default.createFile(atPath: path + file, contents: Data("x".utf8)) }
        let safe: Int = file.isEmpty ? 0o700 : 0o600
        try FileManager.default.setAttributes([.posixPermissions: safe], ofItemAtPath: path + file)
        try DataDirectory.open(path).release()
        try FileManager.default.setAttributes([.posixPermissions: safe | 0o040], ofItemAtPath: path + file)
        let problem = #expect(throws: StartProblem.self) { try DataDirectory.open(path) }
        #expect(problem?.todo.contains("chmod") == true)
    }

    @Test func aSecondStartKeepsKeysAndAccounts() async throws {
        let path: String = temporaryPath()
        defer { try? FileManager.default.removeItem(atPath: path) }
        var logger: Logger = Logger(label: "test")
        logger.logLevel = .critical
        var settings: ServerSettings = ServerSettings()
        settings.dataFiles = nil
        var secrets: [String] = []
        for _ in 0..<2 {
            let directory: DataDirectory = try DataDirectory.open(path)
            let server: LinliServer = try await LinliServer.start(
                settings, in: directory, environment: .system(), metrics: nil, logger: logger)
            await server.stop()
            directory.release()
            secrets.append(try String(contentsOfFile: path + "/operator-first-sign-in.txt", encoding: .utf8))
            secrets.append(try String(contentsOfFile: path + "/pki/root.pem", encoding: .utf8))
        }
        #expect(Set(secrets).count == 2)
    }

    @Test func logsCarryNoPersonalData() {
        let line: String = JSONLogHandler.line(
            label: "test", level: .info, message: "call from 13912345678",
            metadata: [
                "phone": "13912345678", "note": "身份证 11010519491231002X", "token": "abc", "port": "7443",
            ],
            time: Instant(milliseconds: 0))
        #expect(!line.contains("13912345678"))
        #expect(!line.contains("11010519491231002X"))
        #expect(!line.contains("abc"))
        #expect(line.contains("\"port\":\"7443\""))
        #expect(line.hasSuffix("}\n"))
    }

    @Test func metricsAreInPrometheusForm() {
        let registry: PrometheusRegistry = PrometheusRegistry()
        let factory: PrometheusFactory = PrometheusFactory(registry: registry)
        factory.makeCounter(label: "linli_things_total", dimensions: [("kind", "a\"b")]).increment(by: 3)
        factory.makeTimer(label: "linli_time_seconds", dimensions: []).recordNanoseconds(2_000_000)
        let text: String = registry.text()
        #expect(text.contains("# TYPE linli_things_total counter\nlinli_things_total{kind=\"a\\\"b\"} 3\n"))
        #expect(text.contains("linli_time_seconds_bucket{le=\"0.001\"} 0\n"))
        #expect(text.contains("linli_time_seconds_bucket{le=\"0.0025\"} 1\n"))
        #expect(text.contains("linli_time_seconds_bucket{le=\"+Inf\"} 1\n"))
        #expect(text.contains("linli_time_seconds_count 1\n"))
    }
}
