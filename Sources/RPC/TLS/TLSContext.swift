internal import COpenSSL

#if canImport(Glibc)
    internal import Glibc
#endif

/// Keys, certificates and rules for TLS connections: one `SSL_CTX` for each certificate.
///
/// TLS 1.2 and 1.3 only, ALPN `h2` only. Sessions are not resumed: each connection shows its certificate anew, so a
/// reload or a revocation takes effect with the next connection.
///
/// Sendable without a lock: the pointers and the dictionary never change after `init`, and OpenSSL 3.0 lets threads
/// share an `SSL_CTX` that nobody alters (openssl-threads(7)).
final class TLSContext: @unchecked Sendable {
    private let main: OpaquePointer
    private let byServerName: [String: OpaquePointer]
    /// ALPN protocol list with the one protocol that we speak (RFC 7301, RFC 9113 section 3.2).
    private static let protocols: [UInt8] = [2, 0x68, 0x32]

    private init(main: OpaquePointer, byServerName: [String: OpaquePointer]) {
        self.main = main
        self.byServerName = byServerName
    }

    deinit {
        SSL_CTX_free(main)
        for context in byServerName.values { SSL_CTX_free(context) }
    }

    /// Reads a server's files.
    static func server(_ files: TLSFiles) throws(TLSError) -> TLSContext {
        let main: OpaquePointer = try makeServerContext(files.certificate, files)
        var others: [String: OpaquePointer] = [:]
        do throws(TLSError) {
            for (name, certificate) in files.certificatesByServerName {
                others[name.lowercased()] = try makeServerContext(certificate, files)
            }
        } catch {
            SSL_CTX_free(main)
            for context in others.values { SSL_CTX_free(context) }
            throw error
        }
        return TLSContext(main: main, byServerName: others)
    }

    /// Reads a client's trusted roots and, if it has one, its certificate.
    static func client(_ configuration: ClientTLS) throws(TLSError) -> TLSContext {
        guard let context = SSL_CTX_new(TLS_client_method()) else {
            throw .fromQueue("cannot make a TLS context")
        }
        do throws(TLSError) {
            try setCommonRules(context)
            SSL_CTX_set_verify(context, SSL_VERIFY_PEER, nil)
            switch configuration.roots {
            case .system:
                try check(SSL_CTX_set_default_verify_paths(context), "cannot read the system's roots")
            case .file(let path):
                try check(SSL_CTX_load_verify_file(context, path), "cannot read the trusted roots in \(path)")
            case .pem(let text): try addRoots(text, to: context)
            }
            if let certificate = configuration.certificate { try load(certificate, into: context) }
            try check(
                1 - SSL_CTX_set_alpn_protos(context, protocols, UInt32(protocols.count)), "cannot set ALPN")
        } catch {
            SSL_CTX_free(context)
            throw error
        }
        return TLSContext(main: context, byServerName: [:])
    }

    /// A new session for one accepted connection.
    func makeServerSession() throws(TLSError) -> TLSSession {
        let session: TLSSession = try TLSSession(context: main, owner: self)
        session.acceptAsServer()
        return session
    }

    /// A new session for one connection to `serverName`, which the server's certificate must carry.
    func makeClientSession(serverName: String) throws(TLSError) -> TLSSession {
        let session: TLSSession = try TLSSession(context: main, owner: self)
        try session.connectAsClient(serverName: serverName)
        return session
    }

    /// The context for a name that a client asks for, if there is one of its own.
    func context(forServerName name: String) -> OpaquePointer? { byServerName[name.lowercased()] }

    private static func makeServerContext(
        _ certificate: CertificateFiles, _ files: TLSFiles
    ) throws(TLSError) -> OpaquePointer {
        guard let context = SSL_CTX_new(TLS_server_method()) else {
            throw .fromQueue("cannot make a TLS context")
        }
        do throws(TLSError) {
            try setCommonRules(context)
            try load(certificate, into: context)
            try setClientRules(files, context)
            SSL_CTX_set_alpn_select_cb(
                context,
                { _, chosen, chosenLength, offered, offeredLength, _ in
                    TLSContext.chooseProtocol(chosen, chosenLength, offered, offeredLength)
                }, nil)
            setServerNameCallback(context)
        } catch {
            SSL_CTX_free(context)
            throw error
        }
        return context
    }

    private static func setCommonRules(_ context: OpaquePointer) throws(TLSError) {
        try check(
            Int32(SSL_CTX_ctrl(context, SSL_CTRL_SET_MIN_PROTO_VERSION, Int(TLS1_2_VERSION), nil)),
            "cannot ask for TLS 1.2")
        _ = SSL_CTX_ctrl(context, SSL_CTRL_SET_SESS_CACHE_MODE, Int(SSL_SESS_CACHE_OFF), nil)
        // SSL_OP_NO_TICKET, SSL_OP_NO_COMPRESSION, SSL_OP_CIPHER_SERVER_PREFERENCE, SSL_OP_NO_RENEGOTIATION: the
        // macros SSL_OP_BIT(14), (17), (22) and (30), which Swift does not import.
        _ = SSL_CTX_set_options(context, (1 << 14) | (1 << 17) | (1 << 22) | (1 << 30))
        _ = SSL_CTX_set_num_tickets(context, 0)
        // RFC 9113 section 9.2.2 bans CBC and static key exchange in TLS 1.2.
        try check(
            SSL_CTX_set_cipher_list(context, "ECDHE+AESGCM:ECDHE+CHACHA20"), "cannot choose TLS 1.2 ciphers")
        // Frames are gathered into a buffer that moves between calls; a write is never partial with our BIO.
        let mode = Int(SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER)
        _ = SSL_CTX_ctrl(context, SSL_CTRL_MODE, mode, nil)
    }

    private static func setClientRules(_ files: TLSFiles, _ context: OpaquePointer) throws(TLSError) {
        guard files.clientCertificates != .none else { return }
        guard let path = files.clientCA else {
            throw TLSError(reason: "client certificates are asked for, but no client CA is configured")
        }
        try check(SSL_CTX_load_verify_file(context, path), "cannot read the client CA in \(path)")
        SSL_CTX_set_client_CA_list(context, SSL_load_client_CA_file(path))
        let fail: Int32 = files.clientCertificates == .required ? SSL_VERIFY_FAIL_IF_NO_PEER_CERT : 0
        SSL_CTX_set_verify(context, SSL_VERIFY_PEER | fail, nil)
    }

    private static func load(_ files: CertificateFiles, into context: OpaquePointer) throws(TLSError) {
        var status = stat()
        guard stat(files.privateKey, &status) == 0 else {
            throw TLSError(reason: "cannot find the private key \(files.privateKey)")
        }
        guard status.st_mode & S_IROTH == 0 else {
            throw TLSError(
                reason:
                    "the private key \(files.privateKey) is readable by others: chmod o-r it and start again")
        }
        try check(
            SSL_CTX_use_certificate_chain_file(context, files.certificateChain),
            "cannot read the certificate chain \(files.certificateChain)")
        try check(
            SSL_CTX_use_PrivateKey_file(context, files.privateKey, SSL_FILETYPE_PEM),
            "cannot use the private key \(files.privateKey) with its certificate")
        try check(
            SSL_CTX_check_private_key(context),
            "the private key \(files.privateKey) does not belong to \(files.certificateChain)")
    }

    private static func addRoots(_ pem: String, to context: OpaquePointer) throws(TLSError) {
        let bytes: [UInt8] = Array(pem.utf8)
        guard let bio = BIO_new_mem_buf(bytes, Int32(bytes.count)) else { throw .fromQueue("out of memory") }
        defer { BIO_free_all(bio) }
        var count: Int = 0
        while let certificate = PEM_read_bio_X509(bio, nil, nil, nil) {
            X509_STORE_add_cert(SSL_CTX_get_cert_store(context), certificate)
            X509_free(certificate)
            count += 1
        }
        ERR_clear_error()
        if count == 0 { throw TLSError(reason: "the trusted roots hold no certificate in PEM") }
    }

    private static func check(_ result: Int32, _ doing: String) throws(TLSError) {
        if result != 1 { throw .fromQueue(doing) }
    }

    /// Picks `h2` from what the client offers; without it the handshake ends with the alert no_application_protocol.
    private static func chooseProtocol(
        _ chosen: UnsafeMutablePointer<UnsafePointer<UInt8>?>?, _ chosenLength: UnsafeMutablePointer<UInt8>?,
        _ offered: UnsafePointer<UInt8>?, _ offeredLength: UInt32
    ) -> Int32 {
        guard let offered, let chosen, let chosenLength else { return SSL_TLSEXT_ERR_ALERT_FATAL }
        let list = UnsafeBufferPointer(start: offered, count: Int(offeredLength))
        var index: Int = 0
        while index < list.count {
            let length: Int = Int(list[index])
            if length == 2, index + 2 < list.count, list[index + 1] == 0x68, list[index + 2] == 0x32 {
                chosen.pointee = offered + index + 1
                chosenLength.pointee = 2
                return SSL_TLSEXT_ERR_OK
            }
            index += 1 + length
        }
        return SSL_TLSEXT_ERR_ALERT_FATAL
    }

    private static func setServerNameCallback(_ context: OpaquePointer) {
        typealias Callback =
            @convention(c) (
                OpaquePointer?, UnsafeMutablePointer<Int32>?, UnsafeMutableRawPointer?
            ) -> Int32
        let callback: Callback = { ssl, _, _ in
            guard let ssl, let session = TLSSession.of(ssl) else { return SSL_TLSEXT_ERR_NOACK }
            session.chooseCertificate()
            return SSL_TLSEXT_ERR_OK
        }
        let erased: @convention(c) () -> Void = unsafeBitCast(callback, to: (@convention(c) () -> Void).self)
        _ = SSL_CTX_callback_ctrl(context, SSL_CTRL_SET_TLSEXT_SERVERNAME_CB, erased)
    }
}
