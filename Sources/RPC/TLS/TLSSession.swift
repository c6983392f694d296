internal import COpenSSL
internal import NIOCore

/// TLS for one connection: ciphertext in and out by buffers, plaintext in and out by pointers. Belongs to one event loop.
class TLSSession {
    enum ReadResult {
        /// So many bytes of plaintext are in the target.
        case bytes(Int)
        /// All that had arrived is used up.
        case needsMore
        /// The peer has said that nothing follows.
        case closed
        case failed(TLSError)
    }

    private let ssl: OpaquePointer
    private let buffers = TLSBuffers()
    /// Keeps the contexts alive that a server name may select.
    private let owner: TLSContext
    private(set) var isEstablished = false

    init(context: OpaquePointer, owner: TLSContext) throws(TLSError) {
        guard let ssl = SSL_new(context), let bio = buffers.makeBIO() else {
            throw .fromQueue("cannot make a TLS session")
        }
        self.ssl = ssl
        self.owner = owner
        SSL_set_bio(ssl, bio, bio)
        _ = SSL_set_ex_data(ssl, Self.exDataIndex, Unmanaged.passUnretained(self).toOpaque())
    }

    deinit { SSL_free(ssl) }

    private static let exDataIndex: Int32 = CRYPTO_get_ex_new_index(
        CRYPTO_EX_INDEX_SSL, 0, nil, nil, nil, nil)

    /// The session of an `SSL` inside one of OpenSSL's callbacks.
    static func of(_ ssl: OpaquePointer) -> TLSSession? {
        guard let data = SSL_get_ex_data(ssl, exDataIndex) else { return nil }
        return Unmanaged<TLSSession>.fromOpaque(data).takeUnretainedValue()
    }

    func acceptAsServer() { SSL_set_accept_state(ssl) }

    /// Sets the name that the server must prove. An IP address is checked as such and is not sent as SNI.
    func connectAsClient(serverName: String) throws(TLSError) {
        SSL_set_connect_state(ssl)
        if X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(ssl), serverName) == 1 { return }
        ERR_clear_error()
        var name: [CChar] = Array(serverName.utf8CString)
        let sent: Int = SSL_ctrl(
            ssl, SSL_CTRL_SET_TLSEXT_HOSTNAME, Int(TLSEXT_NAMETYPE_host_name), &name)
        guard sent == 1, SSL_set1_host(ssl, serverName) == 1 else {
            throw .fromQueue("cannot use the server name \(serverName)")
        }
    }

    /// Takes ciphertext from the socket.
    func receive(_ bytes: ByteBuffer) {
        if buffers.input.readableBytes == 0 {
            buffers.input = bytes
        } else {
            var bytes: ByteBuffer = bytes
            buffers.input.writeBuffer(&bytes)
        }
    }

    /// Makes the next step of the handshake if it is not over; what is to be sent stands in the output.
    func continueHandshake() -> ReadResult {
        ERR_clear_error()
        let result: Int32 = SSL_do_handshake(ssl)
        if result == 1 {
            isEstablished = true
            return .bytes(0)
        }
        return explain(result, "TLS handshake")
    }

    /// Decrypts the next bytes into `target`.
    func read(into target: UnsafeMutableRawBufferPointer) -> ReadResult {
        ERR_clear_error()
        var count: Int = 0
        let result: Int32 = SSL_read_ex(ssl, target.baseAddress, target.count, &count)
        if result == 1 { return .bytes(count) }
        // What OpenSSL has not taken by now it will never take: let the buffer go.
        if buffers.input.readableBytes == 0 { buffers.input = TLSSession.empty }
        return explain(result, "TLS read")
    }

    private static let empty = ByteBuffer()

    /// Encrypts bytes into the output. Our BIO takes all, so a write is never partial.
    func write(_ bytes: UnsafeRawBufferPointer) throws(TLSError) {
        ERR_clear_error()
        var written: Int = 0
        if SSL_write_ex(ssl, bytes.baseAddress, bytes.count, &written) != 1 || written != bytes.count {
            throw .fromQueue("TLS write")
        }
    }

    /// Says to the peer that nothing follows.
    func close() {
        ERR_clear_error()
        if isEstablished { _ = SSL_shutdown(ssl) }
        ERR_clear_error()
    }

    var outputBytes: Int { buffers.output.readableBytes }

    /// Ciphertext for the socket. The buffer's memory is used again if nobody holds it by the next time.
    func takeOutput() -> ByteBuffer { buffers.output }

    /// Says that the taken output has been handed on.
    func clearOutput() { buffers.output.clear(minimumCapacity: 0) }

    /// The name the client asked for, once it has.
    var serverName: String? {
        guard let name = SSL_get_servername(ssl, TLSEXT_NAMETYPE_host_name) else { return nil }
        return String(cString: name)
    }

    /// Switches to the certificate of the name that the client asks for, if there is one.
    func chooseCertificate() {
        if let name = serverName, let context = owner.context(forServerName: name) {
            SSL_set_SSL_CTX(ssl, context)
        }
    }

    /// Whether both ends agreed on HTTP/2.
    var speaksHTTP2: Bool {
        var name: UnsafePointer<UInt8>?
        var length: UInt32 = 0
        SSL_get0_alpn_selected(ssl, &name, &length)
        guard let name, length == 2 else { return false }
        return name[0] == 0x68 && name[1] == 0x32
    }

    /// The certificate that the peer has shown and that has been verified.
    var peerCertificate: PeerCertificate? {
        guard let certificate = SSL_get1_peer_certificate(ssl) else { return nil }
        defer { X509_free(certificate) }
        return PeerCertificate(x509: certificate)
    }

    private func explain(_ result: Int32, _ doing: String) -> ReadResult {
        switch SSL_get_error(ssl, result) {
        case SSL_ERROR_WANT_READ, SSL_ERROR_WANT_WRITE: return .needsMore
        case SSL_ERROR_ZERO_RETURN: return .closed
        default:
            let verification: Int = SSL_get_verify_result(ssl)
            if verification != Int(X509_V_OK), let text = X509_verify_cert_error_string(verification) {
                ERR_clear_error()
                return .failed(
                    TLSError(reason: "\(doing): certificate not accepted: \(String(cString: text))"))
            }
            return .failed(.fromQueue(doing))
        }
    }
}
