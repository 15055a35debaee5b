# shellcheck shell=bash disable=SC2016 # nginx's variables, not ours
# Sourced by run.sh: real TLS servers and real proxies, in one folder, on free ports of 127.0.0.1, as the current user.
# The system's nginx and tinyproxy are not affected.
#
# The folder contains the certificates, the file `ports` (lines "NAME PORT"), and an access log NAME.log for each server
# of nginx.

. "$(dirname "${BASH_SOURCE[0]}")/certificates.sh"

# The servers of nginx. The tests run `killable` in a separate nginx.
https_servers="good h2 few_requests bare_host back_end_host wrong_host expired not_yet unknown_ca self_signed tls11
    tls12 tls13 client_certificate redirects witness_https limits limits_http1 bad_gateway"
http_servers="witness_http"
other_servers="killable proxy locked_proxy alert_tls1_2 alert_tls1_3"

server_processes=

# ---- Ports ----

# Sets `port` to a port below the kernel's range for clients.
choose_port() {
    while :; do
        port=$((10000 + RANDOM % 20000))
        grep -q " $port\$" ports && continue
        (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null || return 0
    done
}

choose_ports() {
    local name port
    : >ports
    for name in $https_servers $http_servers $other_servers; do
        choose_port
        echo "$name $port" >>ports
    done
}

port_of() {
    sed -n "s/^$1 //p" ports
}

await_port() {
    local tries
    for ((tries = 0; tries < 200; tries++)); do
        (exec 3<>"/dev/tcp/127.0.0.1/$(port_of "$1")") 2>/dev/null && return 0
        kill -0 "$2" 2>/dev/null || return 1
        sleep 0.05
    done
    return 1
}

# launch PORT-NAME COMMAND...: starts a server in the background, and waits until it listens.
launch() {
    local name=$1
    shift
    "$@" >"$name.out" 2>&1 </dev/null &
    server_processes="$server_processes $!"
    await_port "$name" $!
}

# ---- nginx ----

write_nginx_head() {
    [ "$(id -u)" -ne 0 ] || echo "user root;"
    cat <<END
daemon off;
pid $PWD/$1.pid;
error_log $PWD/$1.error.log;
events {
}
http {
    log_format line '\$server_protocol \$ssl_protocol "\$request" \$status client="\$ssl_client_s_dn" '
                    'key="\$http_x_api_key" encoding="\$sent_http_content_encoding"';
    client_body_temp_path $PWD/nginx.temp;
    proxy_temp_path $PWD/nginx.temp;
    fastcgi_temp_path $PWD/nginx.temp;
    uwsgi_temp_path $PWD/nginx.temp;
    scgi_temp_path $PWD/nginx.temp;
    client_max_body_size 0;
    ssl_certificate $PWD/good.pem;
    ssl_certificate_key $PWD/good.key;
    ssl_protocols TLSv1.2 TLSv1.3;
END
}

# write_proxying HOST-HEADER: forwards requests to the sandbox with this Host header.
write_proxying() {
    echo "location / { proxy_pass $sandbox_url; proxy_set_header Host $1; }"
}

# write_redirects: the path before /v0.7 selects the target of the redirect.
write_redirects() {
    local own other_port plain
    own=$(port_of redirects)
    other_port=$(port_of witness_https)
    plain=$(port_of witness_http)
    cat <<END
location ~ ^/same/(.*) { return 302 https://localhost:$own/\$1; }
location ~ ^/relative/(.*) { absolute_redirect off; return 301 /\$1; }
location ~ ^/twice/(.*) { return 307 https://LOCALHOST:$own/same/\$1; }
location ~ ^/round/ { return 302 https://localhost:$own\$request_uri; }
location ~ ^/other_port/(.*) { return 302 https://localhost:$other_port/\$1; }
location ~ ^/other_host/(.*) { return 308 https://127.0.0.1:$own/\$1; }
location ~ ^/other_host_and_port/(.*) { return 301 https://127.0.0.1:$other_port/\$1; }
location ~ ^/other_scheme/(.*) { return 301 http://localhost:$plain/\$1; }
location ~ ^/other_scheme_same_port/(.*) { return 301 http://localhost:$own/\$1; }
location ~ ^/kept/(.*) { return 307 https://localhost:$own/\$1; }
$(write_proxying '$http_host')
END
}

# The settings of each server. With TLS, a server uses the certificate `good`, unless one has the server's name.
write_directives() {
    case $1 in
    wrong_host | expired | not_yet | unknown_ca | self_signed)
        echo "ssl_certificate $PWD/$1.pem; ssl_certificate_key $PWD/$1.key;"
        ;;
    tls11) echo "ssl_protocols TLSv1.1; ssl_ciphers ALL:@SECLEVEL=0;" ;;
    tls12) echo "ssl_protocols TLSv1.2;" ;;
    tls13) echo "ssl_protocols TLSv1.3;" ;;
    client_certificate) echo "ssl_verify_client on; ssl_client_certificate $PWD/ca.pem;" ;;
    few_requests) echo "keepalive_requests 3;" ;;
    h2) echo "gzip on; gzip_proxied any; gzip_min_length 1; gzip_types application/json;" ;;
    limits | limits_http1) echo "client_max_body_size 1m;" ;;
    esac
    case $1 in
    redirects) write_redirects ;;
    bad_gateway) echo "location / { proxy_pass http://unix:$PWD/nobody.socket; }" ;;
    bare_host) write_proxying '$host' ;;
    back_end_host) write_proxying '$proxy_host' ;;
    *) write_proxying '$http_host' ;;
    esac
}

listening_of() {
    case $1 in
    witness_http) ;;
    h2 | few_requests | bare_host | limits) echo "ssl http2" ;;
    *) echo "ssl" ;;
    esac
}

write_server() {
    cat <<END
    server {
        listen 127.0.0.1:$(port_of "$1") $(listening_of "$1");
        access_log $PWD/$1.log line;
        $(write_directives "$1")
    }
END
}

write_nginx_settings() {
    local name
    write_nginx_head nginx
    for name in $https_servers $http_servers; do
        write_server "$name"
    done
    echo "}"
}

# An nginx that the tests kill. It forwards uploads as they arrive, to the server in upstream.conf, which the tests
# write.
write_killable_settings() {
    write_nginx_head "$1"
    cat <<END
    server {
        listen 127.0.0.1:$(port_of killable) $2;
        access_log off;
        location / { proxy_request_buffering off; include $PWD/upstream.conf; }
    }
}
END
}

start_nginx() {
    write_nginx_settings >nginx.conf
    write_killable_settings killable_http1 "ssl" >killable_http1.conf
    write_killable_settings killable_http2 "ssl http2" >killable_http2.conf
    launch good nginx -e "$PWD/nginx.error.log" -c "$PWD/nginx.conf"
}

# ---- Proxies, and servers that require a certificate and send an alert, whereas nginx sends a page ----

write_tinyproxy_settings() {
    cat <<END
Listen 127.0.0.1
Port $(port_of "$1")
Timeout 60
MaxClients 50
LogLevel Connect
LogFile "$PWD/$1.log"
END
}

start_proxies() {
    write_tinyproxy_settings proxy >proxy.conf
    write_tinyproxy_settings locked_proxy >locked_proxy.conf
    echo "BasicAuth camera open-sesame" >>locked_proxy.conf
    launch proxy tinyproxy -d -c proxy.conf
    launch locked_proxy tinyproxy -d -c locked_proxy.conf
}

start_alerting_server() {
    launch "alert_$1" openssl s_server "-$1" -accept "127.0.0.1:$(port_of "alert_$1")" -www -quiet \
        -cert good.pem -key good.key -Verify 2 -verify_return_error -CAfile ca.pem
}

# ---- The sandbox, which is the upstream of all servers ----

# start_sandbox PROGRAM API-KEY: sets sandbox_url.
start_sandbox() {
    local process tries
    : >sandbox.log
    : >sandbox.out
    "$1" --port 0 --api-key "$2" --page-limit 2 --task-delay-ms 20 --request-log sandbox.log >>sandbox.out </dev/null &
    process=$!
    server_processes="$server_processes $process"
    for ((tries = 0; tries < 600; tries++)); do
        sandbox_url=$(sed -n 's/^listening on //p' sandbox.out)
        [ -z "$sandbox_url" ] || return 0
        kill -0 "$process" || return 1
        sleep 0.05
    done
    return 1
}

# ---- All together ----

start_on_some_ports() {
    mkdir -p nginx.temp
    choose_ports
    start_nginx && start_proxies && start_alerting_server tls1_2 && start_alerting_server tls1_3
}

# servers_start FOLDER SANDBOX-PROGRAM API-KEY: if another process has taken a port, tries again with other ports.
servers_start() {
    local try
    cd "$1" || return 1
    make_certificates "$1"
    start_sandbox "$2" "$3"
    for try in 1 2 3; do
        start_on_some_ports && return 0
        echo "The servers did not start (attempt $try):" >&2
        tail -n 5 ./*.out ./*.error.log >&2
    done
    return 1
}

servers_stop() {
    local process
    # shellcheck disable=SC2086 # a list of words
    for process in $server_processes; do
        kill "$process" 2>/dev/null || true
        wait "$process" 2>/dev/null || true
    done
    server_processes=
}
