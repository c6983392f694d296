import Crypto
import InteropMessages
import Kernel
import Logging
import Synchronization
import Testing

@testable import RPC

@Suite("Who is there: certificates and names")
struct TLSTests {
    @Test("a client's certificate is part of the call")
    func clientCertificate() async throws {
        try await withServer(clients: .required) { server in
            let (files, certificate) = try server.pki.issueClient("kiosk-3", uri: "urn:linli:device:kiosk-3")
            let channel: RPCChannel = try server.newChannel(server.pki.clientTLS(files))
            defer { channel.close() }
            let answer: Text = try await channel.unary(EchoService.say, Text("peer"))
            #expect(answer.text == "kiosk-3 urn:linli:device:kiosk-3 localhost")
            #expect(certificate.fingerprint.count == 64)
        }
    }

    @Test("a server that requires certificates turns others away; one that does not lets them in")
    func withoutCertificate() async throws {
        try await withServer(clients: .required) { server in
            let code: StatusCode = await server.code("hello")
            #expect(code == .unavailable)
        }
        try await withServer(clients: .optional) { server in
            let answer: String = try await server.say("peer")
            #expect(answer == "- - localhost")
        }
    }

    @Test("a certificate of another authority is turned away")
    func strangeCertificate() async throws {
        try await withServer(clients: .optional) { server in
            let other = try TestPKI()
            defer { other.remove() }
            let (files, _) = try other.issueClient("intruder", uri: "urn:linli:device:intruder")
            let channel: RPCChannel = try server.newChannel(server.pki.clientTLS(files))
            defer { channel.close() }
            let error: RPCError? = await #expect(throws: RPCError.self) {
                let _: Text = try await channel.unary(EchoService.say, Text("hello"))
            }
            #expect(error?.code == .unavailable)
        }
    }

    @Test("a revoked certificate is turned away, another is not")
    func revoked() async throws {
        let server = try await TestServer(clients: .required, isRevoked: { $0.commonName == "lost" })
        for (name, expected) in [("lost", StatusCode.unavailable), ("kept", .ok)] {
            let (files, _) = try server.pki.issueClient(name, uri: "urn:linli:device:\(name)")
            let channel: RPCChannel = try server.newChannel(server.pki.clientTLS(files))
            var code: StatusCode = .ok
            do {
                let _: Text = try await channel.unary(EchoService.say, Text("hello"))
            } catch let error as RPCError { code = error.code }
            #expect(code == expected)
            channel.close()
        }
        await server.stop()
    }

    @Test("a client refuses a server with another name or another root")
    func wrongServer() async throws {
        try await withServer { server in
            let other = try TestPKI()
            defer { other.remove() }
            for tls in [server.pki.clientTLS(serverName: "bank.example"), other.clientTLS()] {
                let channel: RPCChannel = try server.newChannel(tls)
                let error: RPCError? = await #expect(throws: RPCError.self) {
                    let _: Text = try await channel.unary(EchoService.say, Text("hello"))
                }
                #expect(error?.code == .unavailable)
                #expect(error?.message.contains("certificate") == true)
                channel.close()
            }
        }
    }

    @Test("the name in the handshake chooses the certificate")
    func serverNames() async throws {
        let server = try await TestServer(tls: { pki in
            try pki.issueServer("vendor", dns: ["vendor.test"])
            var files: TLSFiles = pki.serverFiles()
            files.certificatesByServerName = ["vendor.test": pki.files("vendor")]
            return files
        })
        for name in ["localhost", "vendor.test"] {
            let channel: RPCChannel = try server.newChannel(server.pki.clientTLS(serverName: name))
            let answer: Text = try await channel.unary(EchoService.say, Text("peer"))
            #expect(answer.text == "- - \(name)")
            channel.close()
        }
        await server.stop()
    }

    @Test("reloaded certificates serve new connections; a broken file changes nothing")
    func reload() async throws {
        try await withServer { server in
            _ = try await server.say("hello")
            try server.pki.issueServer("server", dns: ["renamed.test"])
            try server.server.reloadCertificates()
            let old: String = try await server.say("open connections go on")
            #expect(old == "open connections go on")
            let renamed: RPCChannel = try server.newChannel(server.pki.clientTLS(serverName: "renamed.test"))
            let _: Text = try await renamed.unary(EchoService.say, Text("hello"))
            renamed.close()
            try server.pki.write("server.pem", "nonsense")
            #expect(throws: TLSError.self) { try server.server.reloadCertificates() }
            let again: RPCChannel = try server.newChannel(server.pki.clientTLS(serverName: "renamed.test"))
            let _: Text = try await again.unary(EchoService.say, Text("hello"))
            again.close()
        }
    }

    @Test("a private key that others can read is refused", arguments: [0o600, 0o640, 0o644])
    func keyMode(mode: Int) throws {
        let pki = try TestPKI()
        defer { pki.remove() }
        let issued = try pki.authority.issueServer(dns: ["x.test"], now: SystemClock().now())
        try pki.write("x.pem", issued.certificate.pem)
        try pki.write("x.key", try issued.key.pem(), mode: mode)
        let files = TLSFiles(certificateChain: pki.path("x.pem"), privateKey: pki.path("x.key"))
        if mode == 0o644 {
            #expect(throws: TLSError.self) { try TLSContext.server(files) }
        } else {
            _ = try TLSContext.server(files)
        }
    }
}

@Suite("Channels and servers come and go")
struct LifecycleTests {
    @Test("a graceful stop lets running calls finish and takes no new ones")
    func gracefulStop() async throws {
        let server = try await TestServer()
        let running = Task { await server.code("wait") }
        try await eventually("the handler runs") { server.echo.probe.noted("waiting") }
        let stopping = Task { await server.server.shutdownGracefully(within: .seconds(10)) }
        try await eventually("health says so") { !server.server.health.isServing() }
        server.echo.probe.gate.open()
        let code: StatusCode = await running.value
        #expect(code == .ok)
        await stopping.value
        let late: StatusCode = await server.code("hello")
        #expect(late == .unavailable)
        server.channel.close()
        server.pki.remove()
    }

    @Test("a call that does not finish is ended at the stop's limit")
    func impatientStop() async throws {
        let server = try await TestServer()
        let running = Task { await server.code("wait") }
        try await eventually("the handler runs") { server.echo.probe.noted("waiting") }
        await server.server.shutdownGracefully(within: .milliseconds(10))
        let code: StatusCode = await running.value
        #expect(code == .unavailable || code == .cancelled)
        server.channel.close()
        server.pki.remove()
    }

    @Test("health can be asked, listed and watched")
    func health() async throws {
        try await withServer { server in
            let client = HealthV1.HealthClient(channel: server.channel)
            let whole: HealthV1.HealthCheckResponse = try await client.check(HealthV1.HealthCheckRequest())
            #expect(whole.status == .serving)
            let error: RPCError? = await #expect(throws: RPCError.self) {
                _ = try await client.check(HealthV1.HealthCheckRequest(service: "nope"))
            }
            #expect(error?.code == .notFound)
            var watch = client.watch(HealthV1.HealthCheckRequest(service: "cases")).makeAsyncIterator()
            var seen: HealthV1.HealthCheckResponse? = try await watch.next()
            #expect(seen?.status == .serviceUnknown)
            server.server.health.set("cases", serving: true)
            seen = try await watch.next()
            #expect(seen?.status == .serving)
            let list: HealthV1.HealthListResponse = try await client.list(HealthV1.HealthListRequest())
            #expect(list.statuses.count == 2)
            server.server.health.stop()
            seen = try await watch.next()
            #expect(seen?.status == .notServing)
            seen = try await watch.next()
            #expect(seen == nil)
        }
    }

    @Test("reflection lists services and finds files, in both versions")
    func reflection() async throws {
        let reflection = ReflectionServices(fileDescriptorSets: [InteropMessagesDescriptors.fileDescriptorSet]
        )
        try await withServer(services: reflection.services) { server in
            let client = ReflectionV1.ServerReflectionClient(channel: server.channel)
            try await client.serverReflectionInfo { requests, answers in
                var iterator = answers.makeAsyncIterator()
                try await requests.write(
                    ReflectionV1.ServerReflectionRequest(messageRequest: .listServices("")))
                guard case .listServicesResponse(let list)? = try await iterator.next()?.messageResponse
                else {
                    Issue.record("no list of services")
                    return
                }
                #expect(list.service.map(\.name).contains("grpc.testing.TestService"))
                #expect(list.service.map(\.name).contains("grpc.health.v1.Health"))
                try await requests.write(
                    ReflectionV1.ServerReflectionRequest(
                        messageRequest: .fileContainingSymbol("grpc.testing.TestService.UnaryCall")))
                guard case .fileDescriptorResponse(let files)? = try await iterator.next()?.messageResponse
                else {
                    Issue.record("no files")
                    return
                }
                #expect(files.fileDescriptorProto.count == 3)
                try await requests.write(
                    ReflectionV1.ServerReflectionRequest(messageRequest: .fileByFilename("nope.proto")))
                guard case .errorResponse(let error)? = try await iterator.next()?.messageResponse else {
                    Issue.record("no error")
                    return
                }
                #expect(error.errorCode == 5)
            }
            let old = ReflectionV1alpha.ServerReflectionClient(channel: server.channel)
            try await old.serverReflectionInfo { requests, answers in
                var iterator = answers.makeAsyncIterator()
                try await requests.write(
                    ReflectionV1alpha.ServerReflectionRequest(messageRequest: .listServices("")))
                guard case .listServicesResponse(let list)? = try await iterator.next()?.messageResponse
                else {
                    Issue.record("no list of services")
                    return
                }
                #expect(list.service.map(\.name).contains("grpc.testing.TestService"))
            }
        }
    }

    @Test("a channel connects again after its server has come back")
    func reconnect() async throws {
        let server = try await TestServer()
        _ = try await server.say("hello")
        await server.server.shutdownGracefully(within: .milliseconds(100))
        let down: StatusCode = await server.code("hello")
        #expect(down == .unavailable)
        let again = try RPCServer(
            configuration: ServerConfiguration(port: server.port, tls: server.pki.serverFiles()),
            services: [server.echo], logger: .init(label: "again"))
        try await again.start()
        let answer: String = try await server.say(
            "patient", CallOptions(timeout: .seconds(20), retry: .standard))
        #expect(answer == "patient")
        server.channel.close()
        await again.shutdownGracefully(within: .milliseconds(100))
        server.pki.remove()
    }

    @Test("a call to a server that is not there ends with UNAVAILABLE long before its time is over")
    func nobodyListens() async throws {
        let server = try await TestServer()
        await server.server.shutdownGracefully(within: .milliseconds(100))
        let start: ContinuousClock.Instant = .now
        let code: StatusCode = await server.code(
            "hello", CallOptions(timeout: .seconds(3_600), retry: .standard))
        #expect(code == .unavailable)
        // Seconds on a quiet machine; not the hour that the call would have.
        #expect(ContinuousClock.now - start < .seconds(600))
        server.channel.close()
        server.pki.remove()
    }

    @Test("UNAVAILABLE is tried again as often as allowed, other codes are not")
    func retries() async throws {
        let calls = Mutex<Int>(0)
        let failing: @Sendable (ServerCall) async throws -> Void = { call in
            let count: Int = calls.withLock {
                $0 += 1
                return $0
            }
            if call.metadata["x-code"] == "aborted" { throw RPCError(code: .aborted, message: "no") }
            if let reason = call.metadata["x-reason"], count < 3 { throw Refusal.unavailable(reason: reason) }
            if count < 3 { throw RPCError(code: .unavailable, message: "not yet") }
        }
        try await withServer(echo: EchoService(onCall: failing)) { server in
            let quick = CallOptions.Retry(
                maximumAttempts: 3, firstBackoff: .milliseconds(1), maximumBackoff: .milliseconds(2))
            let third: StatusCode = await server.code("hello", CallOptions(retry: quick))
            #expect(third == .ok)
            calls.withLock { $0 = 0 }
            let two = CallOptions.Retry(
                maximumAttempts: 2, firstBackoff: .milliseconds(1), maximumBackoff: .milliseconds(2))
            let second: StatusCode = await server.code("hello", CallOptions(retry: two))
            #expect(second == .unavailable)
            calls.withLock { $0 = 0 }
            let other: StatusCode = await server.code(
                "hello", CallOptions(metadata: ["x-code": "aborted"], retry: quick))
            #expect(other == .aborted)
            #expect(calls.withLock { $0 } == 1)
            // A server that says why has been reached: asking again at once only burdens what is ill behind it.
            calls.withLock { $0 = 0 }
            let behind: StatusCode = await server.code(
                "hello", CallOptions(metadata: ["x-reason": "SOURCE_UNAVAILABLE"], retry: quick))
            #expect(behind == .unavailable)
            #expect(calls.withLock { $0 } == 1)
            calls.withLock { $0 = 0 }
            let stopping: StatusCode = await server.code(
                "hello", CallOptions(metadata: ["x-reason": "SERVER_STOPPING"], retry: quick))
            #expect(stopping == .ok)
        }
    }

    @Test("interceptors run in order, end in reverse, and see who was refused")
    func interceptors() async throws {
        let log = Mutex<[String]>([])
        let first = Recorder(name: "first") { text in log.withLock { $0.append(text) } }
        let second = Recorder(name: "second", refuses: "refused") { text in log.withLock { $0.append(text) } }
        try await withServer(interceptors: [first, second]) { server in
            _ = try await server.say("hello")
            let code: StatusCode = await server.code("x", CallOptions(metadata: ["x-test": "refused"]))
            #expect(code == .permissionDenied)
        }
        #expect(
            log.withLock { $0 } == [
                "first begins", "second begins", "second ends OK", "first ends OK", "first begins",
                "second begins", "first ends PERMISSION_DENIED",
            ])
    }
}

private struct Recorder: ServerInterceptor {
    let name: String
    var refuses: String = ""
    let note: @Sendable (String) -> Void

    private enum Seen: CallValueKey { static let defaultValue: Int = 0 }

    func begin(_ call: ServerCall) async throws {
        note("\(name) begins")
        call[Seen.self] += 1
        if call.metadata["x-test"] == refuses { throw Refusal.permissionDenied() }
    }
    func end(_ call: ServerCall, _ outcome: CallOutcome) { note("\(name) ends \(outcome.code.name)") }
}
