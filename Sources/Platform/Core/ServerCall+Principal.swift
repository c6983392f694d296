package import Kernel
package import RPC

private enum PrincipalKey: CallValueKey {
    static var defaultValue: Principal? { nil }
}

extension ServerCall {
    /// Who is calling; nil where nobody is signed in. Set by the authentication interceptor.
    package var principal: Principal? {
        get { self[PrincipalKey.self] }
        set { self[PrincipalKey.self] = newValue }
    }

    /// Who is calling.
    ///
    /// - Throws: UNAUTHENTICATED (`NOT_SIGNED_IN`).
    package func requirePrincipal() throws(Refusal) -> Principal {
        guard let principal else { throw .unauthenticated() }
        return principal
    }

    /// The language of texts for the caller.
    package var language: Language { acceptLanguage }
}
