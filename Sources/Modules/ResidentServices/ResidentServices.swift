// ResidentServices
