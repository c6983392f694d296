// The yardstick of ops/bench rpc: gRPC C++ with its callback API, which is its fastest.
//
// echo-server CERTIFICATE KEY: serves on a free port of 127.0.0.1, prints the port, and ends when its input ends.
#include <grpcpp/grpcpp.h>

#include <fstream>
#include <iostream>
#include <iterator>
#include <memory>
#include <string>

#include "echo.grpc.pb.h"

namespace {

std::string Contents(const char *path) {
    std::ifstream file(path);
    return std::string(std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>());
}

class EchoService final : public linli::bench::Echo::CallbackService {
    grpc::ServerUnaryReactor *Call(grpc::CallbackServerContext *context, const linli::lifecircle::v1::Shop *request,
                                   linli::lifecircle::v1::Shop *response) override {
        *response = *request;
        grpc::ServerUnaryReactor *reactor = context->DefaultReactor();
        reactor->Finish(grpc::Status::OK);
        return reactor;
    }
};

}  // namespace

int main(int argc, char **argv) {
    if (argc != 3) {
        std::cerr << "usage: echo-server CERTIFICATE KEY\n";
        return 64;
    }
    grpc::SslServerCredentialsOptions tls(GRPC_SSL_DONT_REQUEST_CLIENT_CERTIFICATE);
    tls.pem_key_cert_pairs.push_back({Contents(argv[2]), Contents(argv[1])});
    EchoService service;
    int port = 0;
    grpc::ServerBuilder builder;
    builder.AddListeningPort("127.0.0.1:0", grpc::SslServerCredentials(tls), &port);
    builder.RegisterService(&service);
    std::unique_ptr<grpc::Server> server = builder.BuildAndStart();
    if (!server || port == 0) {
        std::cerr << "echo-server could not start\n";
        return 1;
    }
    std::cout << port << std::endl;
    for (std::string line; std::getline(std::cin, line);) {
    }
    server->Shutdown();
    return 0;
}
