import Contract
import Crypto
import Foundation
import Kernel
import Logging
import OneStop
import Platform
import RPC
import Storage

/// The server's own search, with a store on disk, called as a function and over TLS.
struct SearchedServer {
    /// How long the import of the catalogue took, and how long it then took to make the index.
    let importSeconds: Double
    let indexMilliseconds: Double
    private let catalogue: ItemCatalogue
    private let database: SQLiteDatabase
    private let server: RPCServer
    private let channel: RPCChannel

    /// - Parameters:
    ///   - folder: for the store.
    ///   - data: ops/data, for the words that people use.
    init(_ cases: SearchCases, folder: String, data: String, certificate: String, key: String) async throws {
        var logger: Logger = Logger(label: "bench") { StreamLogHandler.standardError(label: $0) }
        logger.logLevel = .warning
        database = try await SQLiteDatabase(
            path: folder + "/linli.sqlite", migrations: Platform.migrations + OneStop.migrations)
        let platform: Platform = Platform(
            database: database, environment: .system(),
            keyring: try Keyring(
                keys: [1: SymmetricKey(Array(repeating: 7, count: 32))], currentKeyID: 1,
                indexKey: SymmetricKey(Array(repeating: 9, count: 32))),
            logger: logger, documents: Documents(readers: OneStop.documentReaders))
        let words: String = try String(contentsOfFile: data + "/items/words/words.yaml", encoding: .utf8)
        _ = try await platform.performAsSystem(action: "document.import") { unit in
            try platform.documents.importText(.itemWords, yaml: words, unit)
        }
        try await platform.readAsSystem { try platform.documents.load($0.connection) }
        let oneStop: OneStop = OneStop(
            platform: platform,
            signer: try NoteSigner(name: "bench", key: SigningKey(generating: .ed25519)), synthetic: .refused)
        catalogue = oneStop.catalogue
        var begun: ContinuousClock.Instant = .now
        _ = try await catalogue.importFile(cases.file, name: "bench", kind: .handling)
        importSeconds = begun.duration(to: .now) / .seconds(1)
        begun = .now
        try await catalogue.warm()
        indexMilliseconds = begun.duration(to: .now) / .milliseconds(1)
        server = try RPCServer(
            configuration: ServerConfiguration(tls: TLSFiles(certificateChain: certificate, privateKey: key)),
            services: oneStop.services, logger: logger)
        channel = try RPCChannel(
            configuration: ChannelConfiguration(
                host: "localhost", port: try await server.start(), tls: ClientTLS(roots: .file(certificate))))
    }

    /// Names of what was found, by the server's search.
    func search(_ words: String, limit: Int) async throws -> [String] {
        try await catalogue.find(words, limit: limit)
    }

    /// The same by a call over TLS.
    func call(_ words: String, limit: Int) async throws -> [String] {
        let client: OneStopV1.ItemServiceClient = OneStopV1.ItemServiceClient(channel: channel)
        let request: OneStopV1.SearchItemsRequest = OneStopV1.SearchItemsRequest(
            query: words, pageSize: Int32(limit))
        return try await client.searchItems(request).matches.map { $0.item?.displayName ?? "" }
    }

    func stop() async {
        channel.close()
        await server.shutdownGracefully(within: .seconds(1))
        await database.close()
    }
}
