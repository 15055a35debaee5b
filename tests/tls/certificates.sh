# shellcheck shell=bash
# Sourced by servers.sh: a test authority, and valid and invalid certificates. They are created for each run, because
# certificates in the source tree would expire.

# Everything is created in the current folder, and does not depend on the system's openssl.cnf.
write_openssl_settings() {
    cat >openssl.cnf <<'END'
[req]
distinguished_name = name
[name]
[authority]
basicConstraints = critical, CA:TRUE
keyUsage = critical, keyCertSign, cRLSign
subjectKeyIdentifier = hash
[ca]
default_ca = test
[test]
database = index
new_certs_dir = .
rand_serial = yes
unique_subject = no
default_md = sha256
policy = any
copy_extensions = copy
[any]
commonName = supplied
END
    : >index

    # The configuration of a client whose system allows everything, including old protocols and weak ciphers.
    cat >anything.cnf <<'END'
openssl_conf = anything
[anything]
ssl_conf = ssl
[ssl]
system_default = default
[default]
MinProtocol = TLSv1
CipherString = DEFAULT@SECLEVEL=0
END
}

quiet_openssl() {
    openssl "$@" >openssl.log 2>&1 || { cat openssl.log >&2; return 1; }
}

new_key="-newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes"

# make_authority NAME: creates NAME.pem and NAME.key.
make_authority() {
    # shellcheck disable=SC2086 # a list of words
    quiet_openssl req -config openssl.cnf -x509 $new_key -keyout "$1.key" -out "$1.pem" -days 2 \
        -subj "/CN=Authority $1" -extensions authority
}

# make_certificate NAME AUTHORITY HOSTS [BEGIN END]: creates NAME.pem and NAME.key, by default valid from yesterday to
# tomorrow.
make_certificate() {
    local begin=${4:-$(date -u -d yesterday +%Y%m%d%H%M%SZ)} end=${5:-$(date -u -d tomorrow +%Y%m%d%H%M%SZ)}
    # shellcheck disable=SC2086 # a list of words
    quiet_openssl req -config openssl.cnf -new $new_key -keyout "$1.key" -out "$1.csr" -subj "/CN=$1" \
        -addext "subjectAltName = $3"
    quiet_openssl ca -config openssl.cnf -batch -notext -in "$1.csr" -out "$1.pem" \
        -cert "$2.pem" -keyfile "$2.key" -startdate "$begin" -enddate "$end"
}

make_self_signed() {
    # shellcheck disable=SC2086 # a list of words
    quiet_openssl req -config openssl.cnf -x509 $new_key -keyout "$1.key" -out "$1.pem" -days 2 -subj "/CN=$1" \
        -addext "subjectAltName = $2"
}

# make_certificates FOLDER
make_certificates() (
    cd "$1" || return 1
    ours="DNS:localhost, IP:127.0.0.1"
    write_openssl_settings
    make_authority ca
    make_authority other_ca
    make_certificate good ca "$ours"
    make_certificate wrong_host ca "DNS:api.example.org, DNS:localhost.example.org"
    make_certificate expired ca "$ours" 20200101000000Z 20200201000000Z
    make_certificate not_yet ca "$ours" 20900101000000Z 20900201000000Z
    make_certificate unknown_ca other_ca "$ours"
    make_self_signed self_signed "$ours"

    make_certificate client ca "DNS:camera-7"
    make_certificate unknown_client other_ca "DNS:camera-8"
    cat client.pem client.key >client_and_key.pem
    quiet_openssl pkcs8 -topk8 -in client.key -out locked.key -passout pass:secret
    echo "no certificate at all" >garbage.pem
    : >empty.pem
)
